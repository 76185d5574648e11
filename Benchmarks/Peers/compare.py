"""Bidual beside its peers on the same problems, in one run.

    python3 Benchmarks/Peers/compare.py .build/release/bidual

Peers run in interpreters of their own, named by environment variables; those not named are left out:
    PEER_CLARABEL   cvxpy, clarabel         the full program of all patterns, by a conic solver
    PEER_ADELIE     adelie, "numpy<2"       the same program, by block coordinate descent
    PEER_PYSCNN     pyscnn                  the same patterns, augmented Lagrangian, its defaults
A peer's answer is turned into the network that it describes, and the network's objective is compared with Bidual's
certified lower bound: nobody's own figure is trusted. Times are those of the solve, without imports.
"""
import json, os, subprocess, sys, tempfile, time

PEERS = {"clarabel": "PEER_CLARABEL", "adelie": "PEER_ADELIE", "pyscnn": "PEER_PYSCNN"}
LIMIT = 100


def problem(n, d, seed):
    """A noisy teacher network with a bias column, and all patterns (every chamber, from `bidual arrange`)."""
    import random
    rng = random.Random(seed)
    X = [[rng.gauss(0, 1) for _ in range(d - 1)] + [1.0] for _ in range(n)]
    neurons = [([rng.gauss(0, 1) for _ in range(d)], rng.choice([-1, 1])) for _ in range(5)]
    y = [sum(s * max(0.0, sum(a * b for a, b in zip(x, w))) for w, s in neurons) + 0.1 * rng.gauss(0, 1) for x in X]
    return X, y


def write_csv(path, X, y):
    with open(path, "w") as out:
        out.write(",".join([f"x{k}" for k in range(len(X[0]))] + ["y"]) + "\n")
        for row, target in zip(X, y):
            out.write(",".join(repr(v) for v in row + [target]) + "\n")


def bidual(binary, csv, beta_ratio, *extra):
    start = time.perf_counter()
    run = subprocess.run([binary, "fit", csv, "--target", "y", "--beta-ratio", str(beta_ratio), "--gap", "1e-6",
                          "--threads", "1", "--json", *extra], capture_output=True, text=True, timeout=LIMIT)
    if not run.stdout:
        return None
    return json.loads(run.stdout) | {"wall": time.perf_counter() - start}


def main(binary):
    print("| n | rank | patterns | method | objective of the network | above the certified bound | seconds |")
    print("|---|---|---|---|---|---|---|")
    for n, d in [(50, 2), (200, 2), (30, 3), (60, 3)]:
        with tempfile.TemporaryDirectory() as folder:
            X, y = problem(n, d, 1)
            csv = os.path.join(folder, "data.csv")
            write_csv(csv, X, y)
            gates = [line.split()[1].split(",") for line in subprocess.run(
                [binary, "arrange", csv, "--target", "y", "--list"], capture_output=True, text=True,
                check=True).stdout.splitlines()]
            ours = bidual(binary, csv, 0.02)
            bound = ours["lowerBound"]

            def row(method, objective, seconds):
                excess = "-" if objective is None else f"{objective / bound - 1:.1e}"
                value = "-" if objective is None else f"{objective:.9g}"
                print(f"| {n} | {d} | {len(gates)} | {method} | {value} | {excess} | {seconds} |", flush=True)

            row("bidual, certified", ours["objective"], f"{ours['seconds']:.3g}")
            listed = bidual(binary, csv, 0.02, "--patterns", "all")
            row("bidual, all patterns listed", *( (listed["objective"], f"{listed['seconds']:.3g}") if listed else (None, "refused")))
            case = os.path.join(folder, "case.json")
            with open(case, "w") as out:
                json.dump({"X": X, "y": y, "gates": [[float(v) for v in g] for g in gates], "beta": ours["beta"]}, out)
            for peer, variable in PEERS.items():
                if variable not in os.environ:
                    continue
                environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
                try:
                    run = subprocess.run([os.environ[variable], __file__, "--peer", peer, case], capture_output=True,
                                         text=True, timeout=LIMIT, env=environment)
                    answer = json.loads(run.stdout.splitlines()[-1]) if run.returncode == 0 else None
                    row(peer, *((answer["objective"], f"{answer['seconds']:.3g}") if answer else (None, "failed")))
                    if not answer:
                        print(run.stderr[-600:], file=sys.stderr)
                except subprocess.TimeoutExpired:
                    row(peer, None, f"over {LIMIT}")


def run_peer(peer, path):
    import numpy as np
    with open(path) as source:
        case = json.load(source)
    X, y, beta = np.array(case["X"]), np.array(case["y"]), case["beta"]
    D = (X @ np.array(case["gates"]).T) > 0
    for module in {"clarabel": ["cvxpy"], "adelie": ["adelie"], "pyscnn": ["scnn.optimize", "scnn.solvers"]}[peer]:
        __import__(module)
    start = time.perf_counter()
    V, W = {"clarabel": clarabel, "adelie": adelie, "pyscnn": pyscnn}[peer](X, y, D, np.array(case["gates"]), beta)
    seconds = time.perf_counter() - start
    f = np.maximum(X @ V.T, 0).sum(1) - np.maximum(X @ W.T, 0).sum(1)
    penalty = beta * (np.linalg.norm(V, axis=1).sum() + np.linalg.norm(W, axis=1).sum())
    print(json.dumps({"objective": 0.5 * float(((f - y) ** 2).sum()) + float(penalty), "seconds": seconds}))


def clarabel(X, y, D, gates, beta):
    import cvxpy as cp
    d, P = X.shape[1], D.shape[1]
    V, W, S = cp.Variable((d, P)), cp.Variable((d, P)), 2.0 * D - 1
    fit = cp.sum(cp.multiply(D.astype(float), X @ (V - W)), axis=1)
    penalty = cp.sum(cp.norm(V, 2, axis=0)) + cp.sum(cp.norm(W, 2, axis=0))
    cp.Problem(cp.Minimize(0.5 * cp.sum_squares(fit - y) + beta * penalty),
               [cp.multiply(S, X @ V) >= 0, cp.multiply(S, X @ W) >= 0]).solve(solver=cp.CLARABEL)
    return V.value.T, W.value.T


def adelie(X, y, D, gates, beta):
    import adelie as ad
    import numpy as np
    n, d = X.shape
    P = D.shape[1]
    M = ad.matrix.convex_relu(np.asfortranarray(X), np.asfortranarray(D), gated=False)
    cones = [ad.constraint.linear(np.ascontiguousarray((2.0 * D[:, i % P] - 1)[:, None] * X), np.zeros(n), np.full(n, np.inf))
             for i in range(2 * P)]
    state = ad.grpnet(X=M, glm=ad.glm.gaussian(y=y, dtype=np.float64), constraints=cones, groups=np.arange(2 * P) * d,
                      alpha=1, penalty=np.ones(2 * P), lmda_path=[beta / n], intercept=False, early_exit=False,
                      progress_bar=False, tol=1e-12, max_iters=10 ** 7)
    B = np.asarray(state.betas[-1].todense()).reshape(2 * P, d)
    return B[:P], B[P:]


def pyscnn(X, y, D, gates, beta):
    import numpy as np
    from scnn.metrics import Metrics
    from scnn.models import ConvexReLU
    from scnn.optimize import optimize_model
    from scnn.regularizers import NeuronGL1
    from scnn.solvers import AL
    model = ConvexReLU(gates.T, c=1)
    model, _ = optimize_model(model, AL(model), Metrics(), X, y, regularizer=NeuronGL1(beta / len(y)),
                              return_convex=True, unitize_data=False)
    V, W = (np.asarray(p, float).reshape(-1, X.shape[1]) for p in model.parameters[:2])
    return V, W


if __name__ == "__main__":
    if sys.argv[1] == "--peer":
        run_peer(*sys.argv[2:])
    else:
        main(sys.argv[1])
