import { Box, render, Text, useApp, useInput } from 'ink';
import { useState } from 'react';
import { inkOptions } from '../../../source/terminal/frame-stdout.ts';
import { TerminalScreen } from '../../../source/terminal/terminal-screen.ts';
import { TerminalSession } from '../../../source/terminal/terminal-session.ts';

// A dashboard of the smallest kind, for tests in a real terminal. Its keys: q quits, z suspends, c crashes, d crashes
// while drawing.
const session = new TerminalSession({ lastWords: () => 'last words' });
session.enter();
const screen = new TerminalScreen(session);

const Program = () => {
	const { exit } = useApp();
	const [keys, setKeys] = useState('');
	useInput((input, key) => {
		if (input === 'q') exit();
		else if (input === 'z' && key.ctrl) session.suspend();
		else if (input === 'c') setTimeout(() => fail('crashed in a timer'));
		else setKeys(keys + input);
	});
	if (keys.endsWith('d')) fail('crashed while drawing');
	return (
		<Box borderStyle="single" flexDirection="column" height={24}>
			<Text>pid {process.pid}.</Text>
			<Text>keys {keys}.</Text>
		</Box>
	);
};

function fail(message: string): never {
	throw new Error(message);
}

try {
	await render(<Program />, inkOptions(screen.stdout, process.stdin)).waitUntilExit();
} finally {
	screen.close();
	session.leave();
}
