/** Frames of sentences. */
export const GENERAL = {
	'{text}': '{text}',
	'{before}{between}{after}': '{before}{between}{after}',
	'{where}: {message}': '{where}: {message}',
	'{message} ({hint})': '{message}（{hint}）',
};
