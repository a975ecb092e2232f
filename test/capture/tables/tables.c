/* Function pointers whose slots are changed while the program runs: by its host, and by its own table.set. */

typedef int (*operation)(int, int);

int add(int a, int b) { return a + b; }
int multiply(int a, int b) { return a * b; }
int negate(int a) { return -a; }

static const operation operations[] = {add, multiply};

/* In swap.s: exchanges two slots of the table. */
void swap(operation one, operation other);

operation pointer(int which) { return operations[which]; }
int (*pointer_to_negate(void))(int) { return negate; }

int compute(operation chosen, int a, int b) {
  int result = chosen(a, b); /* crash here */
  return result + 1;
}

int swap_and_compute(int b) {
  swap(add, multiply);
  return compute(add, 12, b);
}
