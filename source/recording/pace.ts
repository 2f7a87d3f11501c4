/** How fast a recording goes, in whole milliseconds: always the same for the same text. */

const shortestReading = 1500;
const longestReading = 12_000;
const longestTyping = 5000;

/** How long a caption takes to read: about sixteen letters, or six Chinese characters, a second. */
export const readingTime = (text: string): number => {
	let time = 800;
	for (const character of text) time += isWide(character) ? 165 : 60;
	return Math.min(longestReading, Math.max(shortestReading, time));
};

/** How long each character of a statement takes to type; a long statement is typed faster. */
export const typingTimes = (text: string): readonly number[] => {
	const times = [...text].map(typingTime);
	const sum = times.reduce((total, time) => total + time, 0);
	const speed = Math.max(1, sum / longestTyping);
	return times.map(time => Math.max(1, Math.round(time / speed)));
};

// Letters run, brackets and signs are looked for, and between words the hand rests.
function typingTime(character: string): number {
	if (/[a-z_]/.test(character)) return 45;
	if (/[A-Z0-9]/.test(character)) return 60;
	return character === ' ' ? 75 : 95;
}

function isWide(character: string): boolean {
	return /[\u1100-\u115f\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/.test(character);
}
