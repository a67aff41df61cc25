/* Kinds of help: which a text tells that its writer needs, and which serves. From the table
   embed/needs.txt, parsed when a model is loaded. */
#ifndef LINLI_TEXT_NEED_PRIV_H
#define LINLI_TEXT_NEED_PRIV_H

struct needs;
struct needs *needs_new(void); /* never NULL */
void needs_free(struct needs **n);

#endif
