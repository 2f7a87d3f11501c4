/** Enough for the rows of a screen and their parts, a few times over. */
const MOST = 1024;

/** Answers of a function about texts. When there are too many, the one that was not asked for longest is forgotten. */
export class Remembered<Answer> {
	readonly #answers = new Map<string, Answer>();

	constructor(readonly ask: (text: string) => Answer) {}

	get(text: string): Answer {
		const known = this.#answers.get(text);
		const answer = known === undefined ? this.ask(text) : known;
		// Behind the others: who comes first was not asked for longest.
		if (known !== undefined) this.#answers.delete(text);
		this.#answers.set(text, answer);
		if (this.#answers.size > MOST) this.#forgetOne();
		return answer;
	}

	#forgetOne(): void {
		for (const oldest of this.#answers.keys()) {
			this.#answers.delete(oldest);
			return;
		}
	}
}
