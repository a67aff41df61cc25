/* The models of one process, shared by its loops: each is mapped once, and released when no loop
   uses it any more. From any thread. */
#ifndef LINLI_FLOW_SHELF_H
#define LINLI_FLOW_SHELF_H

#include "base/err.h"
#include "text/text.h"

struct shelf;
/* `own` is the model that came with the program, which the shelf takes; fetched ones lie below
   `folder`. Never returns NULL. */
struct shelf *shelf_new(const char *folder, struct text_model *own);
void shelf_free(struct shelf **s); /* when all has been given back */

/* A version is a name that may be a file's: letters, digits, - and _. */
bool shelf_is_version(const char *version);
/* The model of that version ("": our own), from memory or from the folder, or NULL. Give it back.
 */
const struct text_model *shelf_take(struct shelf *s, const char *version);
void shelf_give_back(struct shelf *s, const struct text_model *m); /* NULL is fine */
/* Put its file into the folder, checked in full; what is there already is replaced. */
enum err shelf_put(struct shelf *s, const char *version, struct str bytes,
                   struct errbuf *eb) MUST_USE;
/* Remove the files of all other versions. */
void shelf_prune(struct shelf *s, const char *current, const char *previous);

#endif
