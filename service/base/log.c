#include "base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/str.h"

#define LINE_MAX_BYTES 1024

static atomic_int most = LOG_LEVEL_INFO;
static atomic_bool as_json;

static const struct {
    const char *name;
    enum log_level level;
} levels[] = {{"error", LOG_LEVEL_ERROR},
              {"warn", LOG_LEVEL_WARN},
              {"info", LOG_LEVEL_INFO},
              {"debug", LOG_LEVEL_DEBUG}};

void log_setup(enum log_level level, bool json)
{
    atomic_store(&most, (int)level);
    atomic_store(&as_json, json);
}

bool log_level_parse(const char *name, enum log_level *level_r)
{
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (!strcmp(levels[i].name, name)) {
            *level_r = levels[i].level;
            return true;
        }
    return false;
}

static const char *level_name(enum log_level level)
{
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (levels[i].level == level)
            return levels[i].name;
    return "";
}

/* One line stays one line, and valid UTF-8: control characters and broken bytes, which a sender may
   have put into a name, go; so does a character that the line's end cut. */
static void flatten(char *text)
{
    bool valid = str_is_utf8(str_of(text));
    for (char *p = text; *p; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7f)
            *p = ' ';
        else if (!valid && (unsigned char)*p >= 0x80)
            *p = '?';
}

static void write_json(enum log_level level, const char *text, struct buf *line)
{
    char when[TIME_TEXT_SIZE];
    time_format(when, clock_now_ms(), 0);
    buf_addf(line, "{\"time\":\"%s\",\"level\":\"%s\",\"text\":\"", when, level_name(level));
    for (const char *p = text; *p; p++) {
        if (*p == '"' || *p == '\\')
            buf_add_char(line, '\\');
        buf_add_char(line, *p);
    }
    buf_add_z(line, "\"}\n");
}

void log_line(enum log_level level, const char *fmt, ...)
{
    if ((int)level > atomic_load(&most))
        return;
    char whole[LINE_MAX_BYTES + 4], text[LINE_MAX_BYTES];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(whole, sizeof whole, fmt, ap);
    va_end(ap);
    str_copy(text, sizeof text, str_of(whole));
    flatten(text);
    struct buf line;
    buf_init(&line);
    if (atomic_load(&as_json))
        write_json(level, text, &line);
    else
        buf_addf(&line, "<%d>linlid: %s\n", (int)level, text);
    ssize_t n = write(STDERR_FILENO, line.p, line.n); /* one call: lines of threads do not mix */
    (void)n;                                          /* nobody to tell */
    buf_deinit(&line);
}
