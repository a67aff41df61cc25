/* A folder of settings files for one test, gone after it; and an environment without any of ours.
 */
#ifndef TESTS_UNIT_CONF_FOLDER_H
#define TESTS_UNIT_CONF_FOLDER_H

#include <ctype.h>
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "conf/conf.h"

static char folder[64], file[96]; /* file: linli.conf in it */

static inline void env_name(const char *name, char out[64])
{
    int n = snprintf(out, 64, "LINLI_%s", name);
    for (int i = 0; i < n; i++)
        out[i] = (char)toupper((unsigned char)out[i]);
}

static inline void env_clear(void)
{
    char name[64];
#define X(type, option, otherwise, least, most, help)                                              \
    env_name(#option, name);                                                                       \
    unsetenv(name);
    CONF_TABLE(X)
#undef X
}

static inline void put_file(const char *name, const char *text)
{
    char path[160];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static inline int folder_make(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/linli-conf-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(file, sizeof file, "%s/linli.conf", folder);
    env_clear();
    return 0;
}

static inline void empty_folder(const char *path)
{
    char one[512];
    DIR *d = opendir(path);
    for (struct dirent *e; d && (e = readdir(d));) {
        snprintf(one, sizeof one, "%s/%s", path, e->d_name);
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
            unlink(one);
    }
    if (d)
        closedir(d);
    rmdir(path);
}

static inline int folder_remove(void **state)
{
    char parts[96];
    (void)state;
    env_clear();
    snprintf(parts, sizeof parts, "%s/conf.d", folder);
    empty_folder(parts);
    empty_folder(folder);
    return 0;
}

/* Load the file alone; the settings, or NULL with *eb. */
static inline struct conf *load_file(const char *text, struct errbuf *eb)
{
    const struct conf_source src = {.file = file};
    struct conf *c;
    put_file("linli.conf", text);
    *eb = (struct errbuf){.text = ""};
    enum err e = conf_load(&src, &c, eb);
    assert_int_equal(e != ERR_OK, c == NULL);
    if (e)
        assert_int_equal(e, ERR_BAD_FIELD);
    return c;
}

static inline struct conf *load_good(const char *text)
{
    struct errbuf eb;
    struct conf *c = load_file(text, &eb);
    if (!c)
        fail_msg("%s", eb.text);
    return c;
}

#endif
