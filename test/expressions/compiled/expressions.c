// Expressions of C and what clang makes of them: each with its value and its type, a line each (build.sh).
#include <stdint.h>
#include <stdio.h>
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

int main(void) {
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
