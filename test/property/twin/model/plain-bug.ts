/** What the kernel would stop a task for. */
export class PlainBug extends Error {
	override readonly name = 'PlainBug';
}
