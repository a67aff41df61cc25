/* What the settings' own room cannot tell, since it knows no other: linlictl asks it, too. */
#include "flow_priv.h"

enum err flow_weights(const struct conf *c, struct match_weights *w, struct errbuf *eb)
{
    struct errbuf why;
    *w = match_weights_default;
    if (!c->match_weights[0])
        return ERR_OK;
    enum err e = match_weights_parse(str_of(c->match_weights), w, &why);
    return e ? err_set(eb, e, "match_weights: %s", why.text) : ERR_OK;
}

enum err flow_check_conf(const struct conf *c, struct errbuf *eb)
{
    struct match_weights w;
    return flow_weights(c, &w, eb);
}
