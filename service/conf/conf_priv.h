/* Inside of the conf room: the table's rows, and what file.c and conf.c ask of each other. */
#ifndef LINLI_CONF_PRIV_H
#define LINLI_CONF_PRIV_H

#include <stddef.h>

#include "conf/conf.h"

enum conf_type { CONF_STR, CONF_INT, CONF_BOOL };
#define CONF_DEFAULT_STR(v) v, 0
#define CONF_DEFAULT_INT(v) NULL, v
#define CONF_DEFAULT_BOOL(v) NULL, v

struct conf_row {
    const char *name;
    enum conf_type type;
    size_t offset;
    const char *text; /* default of a STR */
    int64_t number;   /* of the others */
    int64_t least, most;
    const char *help;
};
const struct conf_row *conf_rows(void);
extern const int conf_n_rows;

/* `where` goes in front of an error: file:line, variable or flag. */
enum err conf_set(struct conf *c, const struct conf_row *row, const char *text, const char *where,
                  struct errbuf *eb);
void conf_blank_comments(char *text); /* lines stay as many as they are */
enum err conf_read_file(struct conf *c, const char *file, struct errbuf *eb);
/* What the text of that option has to be, or NULL: it is. */
const char *conf_wants(const char *name, const char *text);
/* What must go together. */
enum err conf_validate(const struct conf *c, struct errbuf *eb);

#endif
