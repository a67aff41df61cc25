/* Home of uthash: hash tables and lists of structs. Out of memory aborts. */
#ifndef LINLI_BASE_TABLE_H
#define LINLI_BASE_TABLE_H

#include <stdlib.h>

#define uthash_fatal(msg) abort()
#include <uthash.h>
#include <utlist.h>

#endif
