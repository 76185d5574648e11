#ifndef BIDUAL_CMPI_SHIM_H
#define BIDUAL_CMPI_SHIM_H

#include <mpi.h>
#include <time.h>

// Swift can't read what MPI names by macros, so what is needed of it stands here as functions of plain types. An error of MPI
// ends the whole run with MPI's own message, which is its default.

// Waits without keeping a core busy: ranks wait for long while another one trains.
static inline void bidual_mpi_wait(MPI_Request *request) {
  int done = 0;
  long tests = 0;
  MPI_Test(request, &done, MPI_STATUS_IGNORE);
  while (!done) {
    if (++tests > 2000) {
      struct timespec pause = {0, 100000};
      nanosleep(&pause, NULL);
    }
    MPI_Test(request, &done, MPI_STATUS_IGNORE);
  }
}

static inline void bidual_mpi_start(int *rank, int *count, int *neighbours) {
  int level;
  MPI_Comm machine;
  MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &level);
  MPI_Comm_rank(MPI_COMM_WORLD, rank);
  MPI_Comm_size(MPI_COMM_WORLD, count);
  MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &machine);
  MPI_Comm_size(machine, neighbours);
  MPI_Comm_free(&machine);
}

static inline void bidual_mpi_broadcast(void *bytes, int count) {
  MPI_Request request;
  MPI_Ibcast(bytes, count, MPI_BYTE, 0, MPI_COMM_WORLD, &request);
  bidual_mpi_wait(&request);
}

static inline void bidual_mpi_send(const void *bytes, int count, int rank) {
  MPI_Request request;
  MPI_Isend(bytes, count, MPI_BYTE, rank, 0, MPI_COMM_WORLD, &request);
  bidual_mpi_wait(&request);
}

static inline void bidual_mpi_receive(void *bytes, int count, int rank) {
  MPI_Request request;
  MPI_Irecv(bytes, count, MPI_BYTE, rank, 0, MPI_COMM_WORLD, &request);
  bidual_mpi_wait(&request);
}

// A message beside those that are waited for; it is small enough to be under way at once.
static inline void bidual_mpi_interrupt(long number, int count) {
  for (int rank = 1; rank < count; ++rank) {
    MPI_Request request;
    MPI_Isend(&number, 1, MPI_LONG, rank, 1, MPI_COMM_WORLD, &request);
    bidual_mpi_wait(&request);
  }
}

// The number of the last such message that has come; -1 if none has.
static inline long bidual_mpi_interrupted(void) {
  long number = -1;
  int came = 1;
  while (came) {
    MPI_Iprobe(0, 1, MPI_COMM_WORLD, &came, MPI_STATUS_IGNORE);
    if (came) MPI_Recv(&number, 1, MPI_LONG, 0, 1, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
  }
  return number;
}

static inline void bidual_mpi_abort(int code) { MPI_Abort(MPI_COMM_WORLD, code); }

#endif
