/* Runs a fuzz target over the files of the folders (or files) that are named, and over an empty
   input: no libFuzzer needed. Fails when there was no file. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int run_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    uint8_t *data;
    long n;

    if (!f || fseek(f, 0, SEEK_END) != 0 || (n = ftell(f)) < 0 || fseek(f, 0, SEEK_SET) != 0) {
        perror(path);
        return 1;
    }
    data = malloc(n ? (size_t)n : 1); /* no byte to spare, so that a sanitizer sees one too many */
    if (!data || fread(data, 1, (size_t)n, f) != (size_t)n)
        abort();
    fclose(f);
    LLVMFuzzerTestOneInput(data, (size_t)n);
    free(data);
    return 0;
}

static int run_folder(const char *path, int *n)
{
    DIR *d = opendir(path);
    const struct dirent *e;
    char file[4096];
    int bad = 0;

    if (!d) {
        perror(path);
        return 1;
    }
    while ((e = readdir(d)) != NULL) {
        if (e->d_name[0] == '.')
            continue;
        snprintf(file, sizeof file, "%s/%s", path, e->d_name);
        bad |= run_file(file);
        ++*n;
    }
    closedir(d);
    return bad;
}

int main(int argc, char **argv)
{
    int i, bad = 0, n = 0;
    struct stat st;

    LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
    for (i = 1; i < argc; i++) {
        if (stat(argv[i], &st) == 0 && S_ISDIR(st.st_mode)) {
            bad |= run_folder(argv[i], &n);
        } else {
            bad |= run_file(argv[i]);
            n++;
        }
    }
    printf("%d inputs replayed\n", n);
    return bad || n == 0;
}
