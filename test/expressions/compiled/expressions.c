// Expressions of C and what clang makes of them: each with its value and its type, a line each (build.sh).
#include <complex.h>
#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uchar.h>
#include <wchar.h>

struct padded { char letter; double number; };
struct nested { struct padded inner; short last; };
typedef int (*operation)(int, const char *);

#define NAME(x) _Generic((x), char: "char", signed char: "signed char", unsigned char: "unsigned char", \
  short: "short", unsigned short: "unsigned short", int: "int", unsigned: "unsigned int", long: "long", \
  unsigned long: "unsigned long", long long: "long long", unsigned long long: "unsigned long long", \
  float: "float", double: "double", _Bool: "bool")
#define WHOLE(x) printf("%s\t%lld\t%s\n", #x, (long long)(x), NAME(x));
#define UNSIGNED(x) printf("%s\t%llu\t%s\n", #x, (unsigned long long)(x), NAME(x));
#define FLOAT(x) printf("%s\t%.9g\t%s\n", #x, (double)(x), NAME(x));
#define DOUBLE(x) printf("%s\t%.17g\t%s\n", #x, (double)(x), NAME(x));

// What Debian's compiler-rt was built to ask for.
unsigned long __stack_chk_guard;
void __stack_chk_fail(void) { abort(); }

// By their bits, which no rounding of a printer's own can hide.
#define QUAD(x) quad(#x, (x));
static void quad(const char *text, long double value) {
  unsigned long long halves[2];
  memcpy(halves, &value, 16);
  printf("%s\t0x%016llx%016llx\tlong double\n", text, halves[1], halves[0]);
}
#define WIDE(x) wide(#x, (__int128)(x), _Generic((x), __int128: "__int128", default: "unsigned __int128"));
static void wide(const char *text, __int128 value, const char *type) {
  char digits[48], *at = digits + 47;
  int negative = *type == '_' && value < 0;
  unsigned __int128 rest = negative ? -(unsigned __int128)value : (unsigned __int128)value;
  *at = 0;
  do *--at = '0' + (int)(rest % 10); while (rest /= 10);
  if (negative) *--at = '-';
  printf("%s\t%s\t%s\n", text, at, type);
}

int main(void) {
  QUAD(0.1L) QUAD(1.0L / 3) QUAD(0.1L + 0.2L) QUAD(0.1L - 0.3L) QUAD(1e30L * 1e-30L) QUAD(2 / 3.L) QUAD(1.5L + 2) QUAD(-0.1L)
  QUAD(1e4000L * 1e4000L) QUAD(3.4e-4932L / 3e15L) QUAD(1e-4951L / 7) QUAD(0.1 + 0.1L) QUAD((long double)0.1) QUAD(0.1f * 3.L)
  QUAD(1e4932L / 1e-20L) QUAD(6.4e-4966L + 0.L) QUAD((long double)9223372036854775807LL) QUAD(0x1.0p-16494L / 2) QUAD(1.L - 1.L)
  QUAD((long double)(((__int128)1 << 120) + 1)) QUAD(1.189731495357231765e4932L) QUAD(0x1.ffffffffffffffffffffffffffff8p0L)
  DOUBLE((double)(1.0L / 3)) FLOAT((float)(1.0L / 3)) WHOLE((long long)-2.9L) WHOLE(0.1L == 0.1) WHOLE(0.1L < 0.1) WHOLE(1.L / 3 > 1. / 3)
  WHOLE(!0.L) WHOLE(1.L == 1) UNSIGNED(sizeof(1.0L)) DOUBLE((double)3.6e-4951L) DOUBLE((double)1.7976931348623158e308L)
  WIDE((__int128)1 << 100) WIDE(((__int128)1 << 100) / 7) WIDE(-((__int128)1 << 100) % 1000) WIDE((unsigned __int128)-1)
  WIDE((unsigned __int128)-1 * 3) WIDE((__int128)1 << 100 | 5) WIDE(~(__int128)0 >> 3) WIDE((unsigned __int128)-1 >> 3)
  WIDE((__int128)9223372036854775807LL * 9223372036854775807LL) WIDE((unsigned __int128)1 - 2) WIDE((__int128)-5 / 2)
  WHOLE(((__int128)1 << 100) > 5) WHOLE((int)((__int128)1 << 100)) DOUBLE((double)((__int128)1 << 100)) WIDE((__int128)1e20)
  DOUBLE(creal((double _Complex)1.5 * (double _Complex)2)) DOUBLE(cimag(conj((double _Complex)1))) DOUBLE(creal((double _Complex)7 / 2))
  WHOLE((double _Complex)2 == 2) WHOLE((double _Complex)2 != 3.f) FLOAT(__real__ (float _Complex)2.5f) UNSIGNED(sizeof((float _Complex)1))
  WHOLE((_Bool)0.5 + 0) WHOLE((_Bool)"x" + 0) WHOLE((_Bool)256 + 0) WHOLE((_Bool)0 + 0) WHOLE((_Bool)5 + (_Bool)7) WHOLE(-(_Bool)1) WHOLE(~(_Bool)1)
  UNSIGNED(strlen("abc")) UNSIGNED(strnlen("abcdef", 4)) WHOLE(strcmp("abc", "abd") < 0) WHOLE(strcmp("b", "a") > 0) WHOLE(strcmp("", ""))
  WHOLE(strncmp("abcx", "abcy", 3)) WHOLE(memcmp("a\0b", "a\0c", 3) < 0) WHOLE(abs(-5)) WHOLE(labs(-5L)) WHOLE(llabs(-5LL))
  WHOLE(toupper('q')) WHOLE(tolower('Q')) WHOLE(toupper('1')) WHOLE(!!isdigit('7')) WHOLE(!!isspace('\t')) WHOLE(!!isalpha('_'))
  WHOLE(!!ispunct('_')) WHOLE(!!isxdigit('g')) WHOLE(!!isprint(127)) WHOLE(!!iscntrl(127))
  DOUBLE(fabs(-2.5)) DOUBLE(floor(-2.5)) DOUBLE(ceil(-2.5)) DOUBLE(trunc(-2.5)) DOUBLE(round(-2.5)) DOUBLE(round(0.49999999999999994))
  DOUBLE(sqrt(2)) FLOAT(sqrtf(2)) DOUBLE(fmod(-7.5, 2)) FLOAT(fmodf(1e10f, 3.3f)) DOUBLE(fmin(1, 2)) DOUBLE(fmax(0. / 1, 2))
  WHOLE(isnan(0.5)) WHOLE(!!isinf(1e308 * 10)) WHOLE(!!isfinite(1.)) WHOLE(!!signbit(-0.)) WHOLE((1, 2)) WHOLE((3, 4, 5) + 1)
  UNSIGNED(0b101u) WHOLE(0x7fffffffffffffff) UNSIGNED(1'000u) WHOLE(0b1111'0000) WHOLE(1'2'3) UNSIGNED(0xFF'FFu)
  FLOAT(5.f) FLOAT(.5f) FLOAT(1e3f) FLOAT(0x1p-2f) FLOAT(0x1.8p+1F) FLOAT(1.f / 3.f) FLOAT(16777217.f)
  FLOAT(1.000000059604644775390626f) FLOAT(1e-46f) FLOAT(1.17549421e-38f) FLOAT(-0.1f) FLOAT(3.4028235e38f)
  DOUBLE(5.) DOUBLE(.5) DOUBLE(5.e3) DOUBLE(0x.8p1) DOUBLE(0x1.p4) DOUBLE(0x1.fffffffffffffp1023) DOUBLE(1e-5)
  DOUBLE(2.2250738585072011e-308) DOUBLE(4.9e-324) DOUBLE(9007199254740993.0) DOUBLE(0x1.00000000000008p0)
  DOUBLE(0x1.000000000000081p0) DOUBLE(1.5 + 1.f) DOUBLE(7 / 2.) DOUBLE(0.1 + 0.2)
  WHOLE('a') WHOLE('\x41') WHOLE('\101') WHOLE('\0') WHOLE('\xff') WHOLE('\377') WHOLE('\e') WHOLE('\?') WHOLE('\'')
  WHOLE('ab') WHOLE('abcd') WHOLE('a\n')
  WHOLE("abc"[1]) WHOLE("ab\xff"[2]) WHOLE("ab" "cd"[0]) WHOLE(*"xyz") WHOLE("\u00e9"[0]) WHOLE("\u00e9"[1])
  UNSIGNED(sizeof("abc")) UNSIGNED(sizeof(L"abc")) UNSIGNED(sizeof(u"abc")) UNSIGNED(sizeof(U"abc"))
  UNSIGNED(sizeof("a" "b" "\0")) UNSIGNED(sizeof "\x41\102\u00e9")
  UNSIGNED(sizeof(int (*)(int, const char *))) UNSIGNED(sizeof(char[10])) UNSIGNED(sizeof(int (*)[4]))
  UNSIGNED(sizeof(unsigned long long)) UNSIGNED(sizeof 1.f) UNSIGNED(sizeof(short) * 3)
  UNSIGNED(_Alignof(char)) UNSIGNED(_Alignof(double)) UNSIGNED(_Alignof(long)) UNSIGNED(__alignof__(int *))
  UNSIGNED(_Alignof(long double)) UNSIGNED(_Alignof(short[7])) UNSIGNED(_Alignof(unsigned long long))
  WHOLE(10) WHOLE(010) WHOLE(0x10) WHOLE(0b101) WHOLE(10L) WHOLE(10LL) UNSIGNED(10u) UNSIGNED(10UL) UNSIGNED(10ull)
  WHOLE(2147483647) WHOLE(2147483648) UNSIGNED(0x80000000) WHOLE(0x100000000) UNSIGNED(0xffffffffffffffff)
  UNSIGNED(18446744073709551615u) UNSIGNED(12345678901234567890) UNSIGNED(037777777777)
  WHOLE(1 ?: 2) WHOLE(0 ?: 2) WHOLE(0 ? 1 : 2) WHOLE(1 ? 2 ? 3 : 4 : 5)
  WHOLE(-7 / 2) WHOLE(-7 % 2) WHOLE(~5) UNSIGNED(~5u) WHOLE(!5) WHOLE(-'a') WHOLE(1 << 4) WHOLE(-16 >> 2)
  UNSIGNED(0xf0f0u >> 4) WHOLE(6 & 3 | 8 ^ 1) WHOLE(1 + 2 * 3 - 4 / 2 % 3) WHOLE(1 < 2 == 1) WHOLE(3 & 2 == 2)
  WHOLE((char)300) WHOLE((signed char)200) UNSIGNED((unsigned char)-1) UNSIGNED((unsigned short)65537)
  WHOLE((int)2.9) WHOLE((int)-2.9) UNSIGNED((unsigned)-1) WHOLE((long long)1e15) WHOLE((short)0x8000)
  DOUBLE((double)1 / 3) FLOAT((float)0.1) UNSIGNED(1u - 2) UNSIGNED(-1 + 0u) WHOLE(-1 + 0ll) UNSIGNED(-1 < 0u)
  return 0;
}
