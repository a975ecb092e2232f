/* What a generated program tells its host: everything with FULL, otherwise what is kept alone. */
#define HOST(name) __attribute__((import_module("env"), import_name(#name)))
HOST(told_integer) void told_integer(int, long long);
HOST(told_wide) void told_wide(int, long long, long long);
HOST(told_float) void told_float(int, double);
HOST(begin) void begin(int);
HOST(end) void end(int);
HOST(sink) void sink(long long);
HOST(opaque) int opaque(int);
#define KEPT_INTEGER(number, value) told_integer(number, (long long)(value))
#define KEPT_WIDE(number, value) told_wide(number, (long long)(value), (long long)((value) >> 64))
#define KEPT_FLOAT(number, value) told_float(number, (double)(value))
#ifdef FULL
#define INTEGER KEPT_INTEGER
#define WIDE KEPT_WIDE
#define FLOAT KEPT_FLOAT
#define BEGIN(function) begin(function)
#define END(function) end(function)
#else
#define INTEGER(number, value)
#define WIDE(number, value)
#define FLOAT(number, value)
#define BEGIN(function)
#define END(function)
#endif
