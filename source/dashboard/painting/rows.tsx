import { Box, Text } from 'ink';

/** Painted rows, one below the other; each is already as wide as its place. */
export const Rows = ({ rows }: { readonly rows: readonly string[] }) => (
	<Box flexDirection="column" flexShrink={0}>
		{rows.map((row, at) => (
			// biome-ignore lint/suspicious/noArrayIndexKey: a row is its place on the screen
			<Text key={at} wrap="truncate">
				{row}
			</Text>
		))}
	</Box>
);
