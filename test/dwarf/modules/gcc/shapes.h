/* What both units know: large enough for dwz to move it to a partial unit. */
enum mood { CALM, ANGRY = -2 };

struct point {
  int x, y;
};

struct line {
  struct point from, to;
  const char *label;
  enum mood mood;
  struct line *next;
};

union number {
  double real;
  long long whole;
  unsigned char bytes[8];
};

typedef int (*operation_t)(struct line *, union number);

extern volatile int host;
void touch(void);
int measure(const struct line *line, operation_t operation);
