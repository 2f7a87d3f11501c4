import { FLAGS, flagName } from './flags.ts';

const USAGE = `Usage
  highmem [FILE]                    the dashboard; FILE: a scenario (.yaml) or a kernel module (.c)
  highmem layout                    print the mem_init table exactly as that kernel prints it
  highmem explain WHAT              why a border lies there; where an address lies: WHAT is an address, a row or a symbol
  highmem compare A B               two machines side by side: ids, or flags in quotes
  highmem run FILE...               no screen: run scenarios or modules, print the kernel log
  highmem record FILE -o OUT.cast   no screen: an asciicast of the dashboard playing a scenario
  highmem machines                  the ready-made machines
`;

const EXAMPLES = `Examples
  highmem --machine imx6q-1g
  highmem layout --arch arm --kernel 4.19.44 --ram 1G --vmalloc 256M
  highmem explain high_memory --machine imx6q-1g
  highmem compare imx6q-1g "imx6q-1g --vmalloc 512M"
  highmem run scenarios/documents/kmap.c --machine imx6q-2g
  highmem scenarios/lessons/02-kmap-counts.yaml

Exit status: 0 done; 1 an expectation or the module failed, or the simulated kernel oopsed; 2 wrong usage or unreadable input.
`;

/** What `highmem --help` prints. */
export const helpText = (): string => {
	const rows = Object.entries(FLAGS).map(([key, flag]): [string, string] => {
		const short = 'shortFlag' in flag ? `-${flag.shortFlag}, ` : '';
		const value = 'value' in flag ? ` ${flag.value}` : '';
		return [`  ${short}${flagName(key)}${value}`, flag.help];
	});
	const width = Math.max(...rows.map(([left]) => left.length)) + 2;
	const options = rows.map(([left, right]) => `${left.padEnd(width)}${right}\n`).join('');
	return `${USAGE}\nOptions\n${options}\n${EXAMPLES}`;
};
