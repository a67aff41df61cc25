/* libconfuse 3.3 counts a line with a comment three times, so that its errors would name other
   lines. It gets the text with the comments blanked. */
#include "conf_priv.h"

#include <ctype.h>
#include <string.h>

/* Behind the string that begins here. */
static char *behind_string(char *at)
{
    for (char quote = *at++; *at && *at != quote; at++)
        if (*at == '\\' && at[1])
            at++;
    return *at ? at + 1 : at;
}

/* Behind the comment that begins here; `at` itself where none does. */
static char *behind_comment(char *at)
{
    if (*at == '#' || (at[0] == '/' && at[1] == '/'))
        return at + strcspn(at, "\n");
    if (at[0] != '/' || at[1] != '*')
        return at;
    char *end = strstr(at + 2, "*/");
    return end ? end + 2 : at;
}

void conf_blank_comments(char *text)
{
    bool between = true; /* words: unix:/a//b is one */
    for (char *at = text; *at;) {
        char *end = between ? behind_comment(at) : at;
        for (; at < end; at++)
            if (*at != '\n')
                *at = ' ';
        between = isspace((unsigned char)*at);
        if (*at)
            at = *at == '"' || *at == '\'' ? behind_string(at) : at + 1;
    }
}
