/* Ends the process when it copies a text in which ABORT_AT and ABORT_THEN stand together (apart, they are no such text themselves): to the program that is tested it is a message whose making kills.
   Built without the compiler's own idea of memcpy, which would call itself. */
#include <stddef.h>
#include <stdlib.h>

static char wanted[200];
static size_t length;

static size_t add(const char *said, size_t at) {
    for (; said != NULL && *said != 0 && at < sizeof wanted; said++) wanted[at++] = *said;
    return at;
}

__attribute__((constructor)) static void read_wanted(void) {
    length = add(getenv("ABORT_THEN"), add(getenv("ABORT_AT"), 0));
}

static void look(const char *from, size_t n) {
    if (length == 0 || n < length) return;
    for (size_t i = 0; i + length <= n; i++) {
        size_t k = 0;
        while (k < length && from[i + k] == wanted[k]) k++;
        if (k == length) abort();
    }
}

void *memcpy(void *restrict to, const void *restrict from, size_t n) {
    look(from, n);
    char *t = to;
    const char *f = from;
    for (size_t i = 0; i < n; i++) t[i] = f[i];
    return to;
}

void *memmove(void *to, const void *from, size_t n) {
    look(from, n);
    char *t = to;
    const char *f = from;
    if (t < f) {
        for (size_t i = 0; i < n; i++) t[i] = f[i];
    } else {
        for (size_t i = n; i > 0; i--) t[i - 1] = f[i - 1];
    }
    return to;
}
