#include "net_priv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

#define ROUNDS 12
#define BATCH 200
#define RATE 0.001f
#define DECAY 0.0005f /* of a weight, beside each row's part */
#define BETA1 0.9f
#define BETA2 0.999f
#define TINY 1e-8f
#define SEED 20260301

struct parameter { /* a weight's place in a flat array, with Adam's moments */
    float *w, *grad, *first, *second;
    size_t n;
};

struct fitting {
    const float *x;
    const int *y;
    int n, width, outputs;
    float *mean, *scale;   /* of each input */
    struct parameter in;   /* width + 1 rows of NET_MEMBER: the last is the bias */
    struct parameter out;  /* outputs rows of NET_MEMBER + 1 */
    float *row, *p, *back; /* of one row: its inputs, its outputs, what comes back */
    float hidden[NET_MEMBER], kept[NET_MEMBER]; /* kept: 2, or 0 for what sits out this row */
    uint64_t state;                             /* of the random numbers */
    int steps;
};

/* --- random numbers: the hash of a counter --- */

static uint64_t next(struct fitting *f)
{
    f->state++;
    return hash64(&f->state, sizeof f->state, SEED);
}

static float uniform(struct fitting *f, float bound)
{
    return bound * (2.0f * (float)(next(f) >> 40) / (float)(1 << 24) - 1.0f);
}

static void shuffle(struct fitting *f, int *order)
{
    for (int i = f->n - 1; i > 0; i--) {
        int k = (int)(next(f) % (uint64_t)(i + 1)), kept = order[i];
        order[i] = order[k];
        order[k] = kept;
    }
}

/* --- weights --- */

static void parameter_init(struct parameter *p, size_t n)
{
    *p = (struct parameter){.n = n};
    p->w = mem_new(n * sizeof *p->w);
    p->grad = mem_new(n * sizeof *p->grad);
    p->first = mem_new(n * sizeof *p->first);
    p->second = mem_new(n * sizeof *p->second);
}

static void parameter_free(struct parameter *p)
{
    free(p->w);
    free(p->grad);
    free(p->first);
    free(p->second);
}

static void step(const struct fitting *f, struct parameter *p, int rows)
{
    float lead =
        RATE * sqrtf(1.0f - powf(BETA2, (float)f->steps)) / (1.0f - powf(BETA1, (float)f->steps));
    for (size_t i = 0; i < p->n; i++) {
        float g = p->grad[i] / (float)rows + DECAY * p->w[i];
        p->first[i] = BETA1 * p->first[i] + (1.0f - BETA1) * g;
        p->second[i] = BETA2 * p->second[i] + (1.0f - BETA2) * g * g;
        p->w[i] -= lead * p->first[i] / (sqrtf(p->second[i]) + TINY);
        p->grad[i] = 0;
    }
}

/* --- one row --- */

/* Half of the hidden sums sit out, so that none relies on the others (N. Srivastava et al.:
   Dropout, 2014). */
static void drop_half(struct fitting *f)
{
    uint64_t bits = next(f);
    for (int h = 0; h < NET_MEMBER; h++)
        f->kept[h] = (float)(bits >> h & 1) * 2;
}

static void forward(struct fitting *f, int i)
{
    const float *x = f->x + (size_t)i * (size_t)f->width;
    float sum = 0, most = -INFINITY;
    memcpy(f->hidden, f->in.w + (size_t)f->width * NET_MEMBER, sizeof f->hidden);
    for (int k = 0; k < f->width; k++) {
        const float *w = f->in.w + (size_t)k * NET_MEMBER;
        f->row[k] = (x[k] - f->mean[k]) * f->scale[k];
        for (int h = 0; h < NET_MEMBER; h++)
            f->hidden[h] += f->row[k] * w[h];
    }
    for (int h = 0; h < NET_MEMBER; h++)
        f->hidden[h] = f->hidden[h] > 0 ? f->hidden[h] * f->kept[h] : 0;
    for (int o = 0; o < f->outputs; o++) {
        const float *w = f->out.w + (size_t)o * (NET_MEMBER + 1);
        f->p[o] = (o < f->width ? x[o] : 0) + w[NET_MEMBER];
        for (int h = 0; h < NET_MEMBER; h++)
            f->p[o] += f->hidden[h] * w[h];
        most = f->p[o] > most ? f->p[o] : most;
    }
    for (int o = 0; o < f->outputs; o++)
        sum += f->p[o] = expf(f->p[o] - most);
    for (int o = 0; o < f->outputs; o++)
        f->p[o] /= sum;
}

static void backward(struct fitting *f, int i)
{
    memset(f->back, 0, NET_MEMBER * sizeof *f->back);
    for (int o = 0; o < f->outputs; o++) {
        const float *w = f->out.w + (size_t)o * (NET_MEMBER + 1);
        float *g = f->out.grad + (size_t)o * (NET_MEMBER + 1);
        float d = f->p[o] - (float)(f->y[i] == o);
        g[NET_MEMBER] += d;
        for (int h = 0; h < NET_MEMBER; h++) {
            g[h] += d * f->hidden[h];
            f->back[h] += d * w[h];
        }
    }
    for (int h = 0; h < NET_MEMBER; h++)
        f->back[h] = f->hidden[h] > 0 ? f->back[h] * f->kept[h] : 0;
    for (int k = 0; k <= f->width; k++) {
        float *g = f->in.grad + (size_t)k * NET_MEMBER;
        float x = k < f->width ? f->row[k] : 1.0f;
        for (int h = 0; h < NET_MEMBER; h++)
            g[h] += x * f->back[h];
    }
}

/* --- all rows --- */

static void measure(struct fitting *f)
{
    for (int k = 0; k < f->width; k++) {
        double sum = 0, squares = 0;
        for (int i = 0; i < f->n; i++) {
            double v = f->x[(size_t)i * (size_t)f->width + (size_t)k];
            sum += v;
            squares += v * v;
        }
        double mean = sum / f->n, variance = squares / f->n - mean * mean;
        f->mean[k] = (float)mean;
        f->scale[k] = variance > 1e-9 ? (float)(1 / sqrt(variance)) : 0.0f;
    }
}

/* Glorot and Bengio, 2010. */
static void begin(struct fitting *f)
{
    float bound = sqrtf(6.0f / (float)(f->width + NET_MEMBER));
    for (size_t i = 0; i < f->in.n; i++)
        f->in.w[i] = uniform(f, bound);
    bound = sqrtf(6.0f / (float)(NET_MEMBER + f->outputs));
    for (size_t i = 0; i < f->out.n; i++)
        f->out.w[i] = uniform(f, bound);
}

static void run(struct fitting *f)
{
    int *order = mem_new((size_t)f->n * sizeof *order);
    for (int i = 0; i < f->n; i++)
        order[i] = i;
    for (int round = 0; round < ROUNDS; round++) {
        shuffle(f, order);
        for (int i = 0; i < f->n; i += BATCH) {
            int rows = f->n - i < BATCH ? f->n - i : BATCH;
            for (int k = i; k < i + rows; k++) {
                drop_half(f);
                forward(f, order[k]);
                backward(f, order[k]);
            }
            f->steps++;
            step(f, &f->in, rows);
            step(f, &f->out, rows);
        }
    }
    free(order);
}

/* (x - mean) * scale * w + bias = x * (scale * w) + (bias - mean * scale * w); the outputs of all
   members are averaged. */
static void fold(const struct fitting *f, struct net *net, int member)
{
    int from = member * NET_MEMBER;
    float *bias = net->in + f->width * NET_HIDDEN + from;
    for (int h = 0; h < NET_MEMBER; h++)
        bias[h] = f->in.w[f->width * NET_MEMBER + h];
    for (int k = 0; k < f->width; k++)
        for (int h = 0; h < NET_MEMBER; h++) {
            float w = f->scale[k] * f->in.w[k * NET_MEMBER + h];
            net->in[k * NET_HIDDEN + from + h] = w;
            bias[h] -= f->mean[k] * w;
        }
    for (int o = 0; o < f->outputs; o++) {
        const float *w = f->out.w + o * (NET_MEMBER + 1);
        float *to = net->out + o * (NET_HIDDEN + 1);
        for (int h = 0; h < NET_MEMBER; h++)
            to[from + h] = w[h] / NET_MEMBERS;
        to[NET_HIDDEN] += w[NET_MEMBER] / NET_MEMBERS;
    }
}

static void fit_member(struct fitting *f, struct net *net, int member)
{
    f->state = (uint64_t)member << 32;
    f->steps = 0;
    parameter_init(&f->in, (size_t)(f->width + 1) * NET_MEMBER);
    parameter_init(&f->out, (size_t)f->outputs * (NET_MEMBER + 1));
    begin(f);
    run(f);
    fold(f, net, member);
    parameter_free(&f->in);
    parameter_free(&f->out);
}

void net_fit(struct net *net, const float *x, const int *y, int n, int width, int outputs)
{
    struct fitting f = {.x = x, .y = y, .n = n, .width = width, .outputs = outputs};
    f.mean = mem_new((size_t)width * sizeof *f.mean);
    f.scale = mem_new((size_t)width * sizeof *f.scale);
    f.row = mem_new((size_t)width * sizeof *f.row);
    f.p = mem_new((size_t)outputs * sizeof *f.p);
    f.back = mem_new(NET_MEMBER * sizeof *f.back);
    *net = (struct net){.width = width, .outputs = outputs};
    net->in = mem_new((size_t)(width + 1) * NET_HIDDEN * sizeof *net->in);
    net->out = mem_new((size_t)outputs * (NET_HIDDEN + 1) * sizeof *net->out);
    measure(&f);
    for (int member = 0; member < NET_MEMBERS; member++)
        fit_member(&f, net, member);
    free(f.mean);
    free(f.scale);
    free(f.row);
    free(f.p);
    free(f.back);
}

static void print_rows(FILE *f, const float *w, int rows, int columns)
{
    fputs("{\n", f);
    for (int i = 0; i < rows; i++) {
        fputs("{", f);
        for (int k = 0; k < columns; k++)
            fprintf(f, "%.4g,%s", (double)w[i * columns + k], k % 14 == 13 ? "\n" : " ");
        fputs("},\n", f);
    }
    fputs("},\n", f);
}

void net_print(const struct net *net, FILE *f)
{
    print_rows(f, net->in, net->width + 1, NET_HIDDEN);
    print_rows(f, net->out, net->outputs, NET_HIDDEN + 1);
}

void net_free(struct net *net)
{
    free(net->in);
    free(net->out);
    *net = (struct net){0};
}
