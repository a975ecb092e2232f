/*
 * Frames that are not of a fixed size: alloca, variable-length arrays, aligned locals, addresses that escape by
 * parts, pointers that run backwards, calls through pointers, loops around all of it. Ends in a trap.
 */
#include <alloca.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef int (*step_function)(int, int *);

static volatile unsigned seed = 12345;

static unsigned next(void) { return seed = seed * 1103515245u + 12345u; }

__attribute__((noinline)) static void fill(int *values, int count, int start) {
  for (int i = 0; i < count; i++) values[i] = start + i * i;
}

/* Writes below the address that it is given. */
__attribute__((noinline)) static char *digits(char *end, unsigned value) {
  do *--end = (char)('0' + value % 10);
  while (value /= 10);
  return end;
}

__attribute__((noinline)) static int variable(int count) {
  int before = count * 3, values[count], after = count + 7;
  fill(values, count, before);
  int sum = 0;
  for (int i = 0; i < count; i++) sum += values[i] ^ after;
  return sum + before;
}

__attribute__((noinline)) static int allocated(int count, int depth) {
  int kept = count ^ depth;
  int *first = alloca(sizeof(int) * (count & 15) + 4);
  fill(first, (count & 15) + 1, kept);
  if (depth > 0) kept += allocated(count + 1, depth - 1);
  int *second = alloca(32);
  fill(second, 8, kept);
  return first[count & 15] + second[depth & 7] + kept;
}

__attribute__((noinline)) static int aligned(int value) {
  _Alignas(64) int block[16];
  int other = value * 5;
  fill(block, 16, value);
  for (int i = 0; i < 16; i += 3) other += block[i];
  if ((uintptr_t)block % 64 != 0) __builtin_trap();
  return other;
}

__attribute__((noinline)) static int backwards(unsigned value) {
  char text[12];
  int tail = (int)(value & 3);
  text[11] = 0;
  text[0] = 'x';
  char *start = digits(text + 11, value);
  int length = (int)strlen(start);
  for (char *at = text + 10; at >= start; at--) tail = tail * 31 + *at;
  return tail + length + text[0];
}

__attribute__((noinline)) static int swaps(int a, int b) {
  int pair[2] = {a, b};
  int *low = &pair[0], *high = &pair[1];
  for (int i = 0; i < 5; i++) {
    int *middle = low;
    low = high, high = middle;
    *low += i, *high ^= pair[i & 1];
  }
  return pair[0] * 3 + pair[1];
}

__attribute__((noinline)) static int summed(int count, ...) {
  va_list rest;
  va_start(rest, count);
  int sum = 0;
  for (int i = 0; i < count; i++) sum += va_arg(rest, int);
  va_end(rest);
  return sum;
}

static int add_step(int value, int *total) { return *total += value; }
static int mix_step(int value, int *total) { return *total ^= value * 7; }
static int deep_step(int value, int *total) {
  int local = *total;
  *total = allocated(value & 7, 2) + aligned(local & 255);
  return *total - local;
}
static const step_function steps[] = {add_step, mix_step, deep_step};

__attribute__((noinline)) static int machine(int rounds) {
  int total = rounds;
  double scale = 1.5;
  int64_t wide = (int64_t)rounds << 33;
  for (int i = 0; i < rounds; i++) {
    unsigned choice = next() >> 16;
    switch (choice % 7) {
      case 0: total += variable((int)(choice & 7) + 1); break;
      case 1: total ^= allocated((int)(choice & 15), i & 3); break;
      case 2: total -= aligned(total & 1023); break;
      case 3: total += backwards(choice); break;
      case 4: total += swaps(i, total); break;
      case 5: total += summed(3, i, total, (int)choice); break;
      default: total += steps[choice % 3](i, &total);
    }
    scale = scale * 0.75 + total;
    wide += (int64_t)scale ^ total;
  }
  printf("%d %f %lld\n", total, scale, (long long)wide);
  return total + (int)wide;
}

int main(void) {
  int result = machine(200);
  if (result != 1) __builtin_trap();
  return result;
}
