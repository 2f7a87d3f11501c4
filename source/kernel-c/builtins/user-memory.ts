import { PAGE_SIZE, virtual } from '../../machine/address.ts';
import { UserError } from '../../machine/user-error.ts';
import { NO_PAGE } from '../../memory/operations.ts';
import { verbatim } from '../../phrases/phrase.ts';
import { type Environment, operation } from './builtin.ts';
import { checkExtent } from './extent.ts';

/** asm-generic/mman-common.h */
export const MAPPING_FLAGS: Readonly<Record<string, number>> = {
	PROT_NONE: 0,
	PROT_READ: 1,
	PROT_WRITE: 2,
	PROT_EXEC: 4,
	MAP_SHARED: 1,
	MAP_PRIVATE: 2,
	MAP_ANONYMOUS: 0x20,
};

const ANONYMOUS = 0x22;
const READ_WRITE = 3;
const FAILED = 0xffffffff;
/** -EINVAL and -EFAULT. */
const INVALID = -22;
const BAD_ADDRESS = -14;

const map = ({ kernel }: Environment, bytes = 0, prot = 0, flags = 0, file = 0): number => {
	const isKnown = (flags & 0x3f) === ANONYMOUS && (prot & READ_WRITE) === READ_WRITE && (file | 0) === -1;
	if (!isKnown) {
		throw new UserError(
			'only private anonymous memory is simulated',
			undefined,
			verbatim('PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0'),
		);
	}
	return kernel.mmap(bytes) || FAILED;
};

/** Copy to or from an address of the process, page by page. @returns the bytes that could not be copied. */
const copyUser = ({ kernel }: Environment, to: number, from: number, bytes: number, user: number): number => {
	const isWrite = user === to;
	checkExtent(isWrite ? 'copy_to_user' : 'copy_from_user', bytes);
	for (let done = 0; done < bytes; done++) {
		const at = user + done;
		const isNewPage = done === 0 || at % PAGE_SIZE === 0;
		if (isNewPage && kernel.touchUser(virtual(at), isWrite) === NO_PAGE) return bytes - done;
		kernel.write(virtual(to + done), 1, kernel.read(virtual(from + done), 1));
	}
	return 0;
};

/** Memory of processes: what a program asks for, and what the kernel does with a program's addresses (mm/gup.c, uaccess.h). */
export const userMemoryBuiltins = [
	operation(
		'void *mmap(void *addr, size_t length, int prot, int flags, int fd, unsigned long offset)',
		'addresses for the process of this shell; a page comes with the first touch',
		(env, _, length = 0, prot = 0, flags = 0, file = 0) => map(env, length, prot, flags, file),
	),
	operation(
		'int munmap(void *addr, size_t length)',
		"give a range of the process's addresses back, and its pages",
		({ kernel }, address = 0, length = 0) => {
			if (address % PAGE_SIZE !== 0 || length === 0) return INVALID;
			kernel.munmap(virtual(address), length);
			return 0;
		},
	),
	operation(
		'unsigned long copy_to_user(void *to, const void *from, unsigned long n)',
		'copy to an address of the process; returns the bytes that could not be copied',
		(env, to = 0, from = 0, bytes = 0) => copyUser(env, to, from, bytes, to),
	),
	operation(
		'unsigned long copy_from_user(void *to, const void *from, unsigned long n)',
		'copy from an address of the process; returns the bytes that could not be copied',
		(env, to = 0, from = 0, bytes = 0) => copyUser(env, to, from, bytes, from),
	),
	operation(
		'int get_user_pages_fast(unsigned long start, int nr_pages, int write, struct page **pages)',
		'hold the pages behind addresses of the process; returns how many, put_page drops each',
		({ kernel }, start = 0, count = 0, write = 0, pages = 0) => {
			for (let index = 0; index < count; index++) {
				const page = kernel.touchUser(virtual(start + index * PAGE_SIZE), write !== 0);
				if (page === NO_PAGE) return index > 0 ? index : BAD_ADDRESS;
				kernel.getPage(page);
				kernel.write(virtual(pages + index * 4), 4, BigInt(kernel.structPage(page)));
			}
			return count;
		},
		{ since: '2.6.27' },
	),
];
