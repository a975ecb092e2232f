// What each guest of a table pays: all the same, and no cent too little.

struct bill {
  int total;
  int guests;
};

static int share(const struct bill *bill) {
  int rounded = bill->total / bill->guests; // crash here
  return rounded + (rounded * bill->guests < bill->total);
}

__attribute__((export_name("share_of"))) int share_of(int total, int guests) {
  struct bill bill = {total, guests};
  return share(&bill);
}
