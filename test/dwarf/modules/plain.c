/* A second unit, in C, so that modules have more than one. */
struct list { struct list *next; short value; };
static struct list nodes[2] = {{&nodes[1], 3}, {0, 4}};
__attribute__((noinline)) static int sum(const struct list *node) {
  int total = 0;
  for (; node; node = node->next) total += node->value;
  return total;
}
int total(int n) { int variable[n + 1]; variable[n] = sum(nodes); return variable[n]; }
