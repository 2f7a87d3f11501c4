import { header } from './item.ts';

/** include/linux/string.h, ctype.h, kernel.h: texts and numbers in them. */
export const STRING_HEADERS = header(
	{},
	`
#define hex_asc ((const char *)__hex_asc())

char *strchr(const char *s, int c)
{
	for (; *s != (char)c; ++s)
		if (!*s)
			return NULL;
	return (char *)s;
}

char *strrchr(const char *s, int c)
{
	const char *last = NULL;
	do
		if (*s == (char)c)
			last = s;
	while (*s++);
	return (char *)last;
}

char *strstr(const char *s1, const char *s2)
{
	size_t length = strlen(s2);
	if (!length)
		return (char *)s1;
	for (; *s1; s1++)
		if (!strncmp(s1, s2, length))
			return (char *)s1;
	return NULL;
}

size_t strnlen(const char *s, size_t count)
{
	size_t length = 0;
	while (length < count && s[length])
		length++;
	return length;
}

char *strncat(char *dest, const char *src, size_t count)
{
	char *end = dest + strlen(dest);
	while (count-- && *src)
		*end++ = *src++;
	*end = 0;
	return dest;
}

size_t strspn(const char *s, const char *accept)
{
	size_t length = 0;
	while (s[length] && strchr(accept, s[length]))
		length++;
	return length;
}

size_t strcspn(const char *s, const char *reject)
{
	size_t length = 0;
	while (s[length] && !strchr(reject, s[length]))
		length++;
	return length;
}

char *strpbrk(const char *s, const char *accept)
{
	s += strcspn(s, accept);
	return *s ? (char *)s : NULL;
}

char *strsep(char **s, const char *ct)
{
	char *start = *s, *end;
	if (!start)
		return NULL;
	end = strpbrk(start, ct);
	if (end)
		*end++ = 0;
	*s = end;
	return start;
}

int strcasecmp(const char *s1, const char *s2)
{
	int a, b;
	do {
		a = tolower(*s1++);
		b = tolower(*s2++);
	} while (a == b && a);
	return a - b;
}

char *skip_spaces(const char *s)
{
	while (isspace(*s))
		++s;
	return (char *)s;
}

char *strim(char *s)
{
	size_t length = strlen(s);
	while (length && isspace(s[length - 1]))
		s[--length] = 0;
	return skip_spaces(s);
}

char *kstrdup(const char *s, gfp_t gfp)
{
	size_t bytes = strlen(s) + 1;
	char *copy = kmalloc(bytes, gfp);
	if (copy)
		memcpy(copy, s, bytes);
	return copy;
}

void *kmemdup(const void *src, size_t len, gfp_t gfp)
{
	void *copy = kmalloc(len, gfp);
	if (copy)
		memcpy(copy, src, len);
	return copy;
}

void *memchr(const void *s, int c, size_t n)
{
	const unsigned char *p = s;
	for (; n--; p++)
		if (*p == (unsigned char)c)
			return (void *)p;
	return NULL;
}

int tolower(int c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; }

int toupper(int c) { return c >= 'a' && c <= 'z' ? c - 32 : c; }

#define isdigit(c) ((c) >= '0' && (c) <= '9')

#define isalpha(c) (tolower(c) >= 'a' && tolower(c) <= 'z')

#define isalnum(c) (isalpha(c) || isdigit(c))

#define isspace(c) ((c) == ' ' || ((c) >= 9 && (c) <= 13))

#define isprint(c) ((c) >= 32 && (c) < 127)

#define isxdigit(c) (isdigit(c) || (tolower(c) >= 'a' && tolower(c) <= 'f'))

unsigned long long simple_strtoull(const char *cp, char **endp, unsigned int base)
{
	unsigned long long value = 0;
	if ((!base || base == 16) && cp[0] == '0' && tolower(cp[1]) == 'x') {
		base = 16;
		cp += 2;
	} else if (!base)
		base = cp[0] == '0' ? 8 : 10;
	while (isxdigit(*cp)) {
		unsigned int digit = isdigit(*cp) ? *cp - '0' : tolower(*cp) - 'a' + 10;
		if (digit >= base)
			break;
		value = value * base + digit;
		cp++;
	}
	if (endp)
		*endp = (char *)cp;
	return value;
}

unsigned long simple_strtoul(const char *cp, char **endp, unsigned int base) { return simple_strtoull(cp, endp, base); }

long simple_strtol(const char *cp, char **endp, unsigned int base)
{
	return *cp == '-' ? -(long)simple_strtoul(cp + 1, endp, base) : (long)simple_strtoul(cp, endp, base);
}

int kstrtol(const char *s, unsigned int base, long *res)
{
	char *end;
	long value = simple_strtol(s, &end, base);
	if (*end == 10)
		end++;
	if (end == s || *end)
		return -EINVAL;
	*res = value;
	return 0;
}

int kstrtoul(const char *s, unsigned int base, unsigned long *res)
{
	return *s == '-' ? -EINVAL : kstrtol(s, base, (long *)res);
}

int kstrtoint(const char *s, unsigned int base, int *res) { return kstrtol(s, base, (long *)res); }

int kstrtouint(const char *s, unsigned int base, unsigned int *res) { return kstrtoul(s, base, (unsigned long *)res); }
`,
);
