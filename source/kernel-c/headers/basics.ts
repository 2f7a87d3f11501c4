import { header } from './item.ts';

/** include/linux/kernel.h, minmax.h, bits.h, byteorder.h, sizes.h, bug.h, err.h */
export const BASIC_HEADERS = header(
	{},
	`
#define va_start(ap, last) ((ap) = __va_start())

#define va_arg(ap, type) (*(type *)(((ap) += sizeof(type)) - sizeof(type)))

#define va_end(ap) ((void)(ap))

#define va_copy(dest, src) ((dest) = (src))

#define abs(x) ({ typeof(x) __x = (x); __x < 0 ? -__x : __x; })

#define clamp_t(type, val, lo, hi) clamp((type)(val), (type)(lo), (type)(hi))

#define clamp_val(val, lo, hi) clamp_t(typeof(val), val, lo, hi)

#define min3(x, y, z) min(min(x, y), z)

#define max3(x, y, z) max(max(x, y), z)

#define round_up(x, y) ((((x) - 1) | ((y) - 1)) + 1)

#define round_down(x, y) ((x) & ~((y) - 1))

#define DIV_ROUND_CLOSEST(x, divisor) (((x) + (divisor) / 2) / (divisor))

#define FIELD_SIZEOF(t, f) (sizeof(((t *)0)->f))

#define sizeof_field(t, f) (sizeof(((t *)0)->f))

#define BITS_PER_LONG 32

#define BITS_PER_BYTE 8

#define BITS_TO_LONGS(nr) DIV_ROUND_UP(nr, BITS_PER_LONG)

#define DECLARE_BITMAP(name, bits) unsigned long name[BITS_TO_LONGS(bits)]

#define BIT_MASK(nr) (1UL << ((nr) % BITS_PER_LONG))

#define BIT_ULL(nr) (1ULL << (nr))

#define GENMASK(h, l) ((~0UL << (l)) & (~0UL >> (31 - (h))))

#define upper_32_bits(n) ((u32)(((u64)(n)) >> 32))

#define lower_32_bits(n) ((u32)(n))

#define swab16(x) ((u16)((((u16)(x)) << 8) | (((u16)(x)) >> 8)))

#define swab32(x) ((u32)(((x) << 24) | (((x) & 0xff00) << 8) | (((x) >> 8) & 0xff00) | ((u32)(x) >> 24)))

#define cpu_to_le32(x) ((u32)(x))

#define le32_to_cpu(x) ((u32)(x))

#define cpu_to_le16(x) ((u16)(x))

#define le16_to_cpu(x) ((u16)(x))

#define cpu_to_be32(x) swab32((u32)(x))

#define be32_to_cpu(x) swab32((u32)(x))

#define cpu_to_be16(x) swab16(x)

#define be16_to_cpu(x) swab16(x)

#define htonl(x) swab32((u32)(x))

#define ntohl(x) swab32((u32)(x))

#define htons(x) swab16(x)

#define ntohs(x) swab16(x)

#define SZ_1K 0x400

#define SZ_4K 0x1000

#define SZ_64K 0x10000

#define SZ_1M 0x100000

#define SZ_16M 0x1000000

#define SZ_1G 0x40000000

#define BUILD_BUG_ON(condition) ((void)sizeof(char[1 - 2 * !!(condition)]))

#define BUILD_BUG_ON_ZERO(e) (0)

#define static_assert(expr, ...) extern int __static_assert_unused

#define WARN_ONCE(condition, fmt, ...) WARN(condition, fmt, ##__VA_ARGS__)

#define VM_BUG_ON(cond) BUG_ON(cond)

#define PTR_ERR_OR_ZERO(ptr) (IS_ERR(ptr) ? (int)PTR_ERR(ptr) : 0)

#define ERR_CAST(ptr) ((void *)(ptr))

#define MAX_ERRNO 4095

#define IS_ERR_VALUE(x) ((unsigned long)(x) >= (unsigned long)-MAX_ERRNO)
`,
);
