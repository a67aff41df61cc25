/* Small numbers as people write them: 12, 十二, 三十, 两. */
#ifndef LINLI_BASE_NUMERAL_H
#define LINLI_BASE_NUMERAL_H

#define NUMERAL_MOST 1000000

/* The number that begins at `at`, and in *behind what follows it; 0, and `at`, where none begins.
 */
int numeral_at(const char *at, const char **behind);

#endif
