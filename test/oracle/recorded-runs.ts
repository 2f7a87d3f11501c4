import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { type Recording, readRecording } from '../../source/oracle/recording.ts';

const FILE = new URL('../fixtures/oracle-runs.jsonl.br', import.meta.url);

/** Every recorded run of real kernels, whole: one JSON object a line, packed with brotli because they repeat each other. */
export const recordedRuns = (): Recording[] =>
	brotliDecompressSync(readFileSync(FILE))
		.toString()
		.trimEnd()
		.split('\n')
		.map((line, index) => readRecording(line, `line ${index + 1}`));

export const recordedRun = (name: string): Recording => {
	const recording = recordedRuns().find(({ run }) => run === name);
	if (!recording) throw new Error(`no run ${name}`);
	return recording;
};
