/* A small network: numbers in, one hidden layer of rectified sums, the softmax of its outputs,
   which begin with the first inputs: what is learned is what to add to them. It is several networks
   learned apart and averaged, which read more steadily than each. */
#ifndef LINLI_TRAIN_NET_PRIV_H
#define LINLI_TRAIN_NET_PRIV_H

#include <stdio.h>

#define NET_MEMBERS 4
#define NET_MEMBER 32 /* hidden sums of each */
#define NET_HIDDEN (NET_MEMBERS * NET_MEMBER)

struct net {
    int width, outputs;
    float *in;  /* width rows of NET_HIDDEN, and one of biases */
    float *out; /* outputs rows of NET_HIDDEN and a bias */
};

/* Fits the network to `n` rows of `width` numbers and what each stands for, y in 0…outputs - 1. The
   same rows give the same network. Minimises the cross-entropy with Adam (D. Kingma, J. Ba: Adam,
   2015) on batches, on inputs of mean 0 and variance 1; that scaling is folded into the weights. */
void net_fit(struct net *net, const float *x, const int *y, int n, int width, int outputs);
void net_print(const struct net *net, FILE *f); /* as a C initialiser */
void net_free(struct net *net);

#endif
