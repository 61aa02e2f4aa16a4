package daumier.diffusion.sample;

import daumier.diffusion.sample.RowUpdate.Mixture;
import daumier.diffusion.sample.RowUpdate.Past;
import java.util.List;

/**
 * Linear multistep (Adams-Bashforth of order 4) over sigma, as diffusers' {@code
 * LMSDiscreteScheduler}: the polynomial through the slopes of the last evaluations is integrated,
 * here exactly. A plan that is entered midway begins with order 1; diffusers' then mixes the
 * coefficients of a higher order.
 *
 * @param euler whose plans and first noise it shares
 */
public record Lms(Euler euler) implements Sampler {
    private static final String NAME = "lms";
    private static final int ORDER = 4;

    /** Of the two-point Gauss rule on [-1, 1], which is exact for cubic polynomials. */
    private static final double NODE = 1 / Math.sqrt(3);

    /** The sampler of a configuration. */
    public static Lms of(SchedulerConfig config) {
        return new Lms(Euler.plain(config, NAME, 0.0001, 0.02));
    }

    @Override
    public String name() {
        return euler.grid().named(NAME);
    }

    @Override
    public NoiseSchedule schedule() {
        return euler.schedule();
    }

    @Override
    public List<SamplingStep> plan(int steps) {
        return euler.plan(steps);
    }

    @Override
    public NoiseLevel end() {
        return euler.end();
    }

    @Override
    public double initialScale(NoiseLevel first) {
        return euler.initialScale(first);
    }

    @Override
    public int memory() {
        return ORDER - 1;
    }

    @Override
    public RowUpdate update(NoiseLevel at, NoiseLevel to, NoiseLevel history) {
        return update(at, to, history, List.of());
    }

    @Override
    public RowUpdate update(
            NoiseLevel at, NoiseLevel to, NoiseLevel history, List<NoiseLevel> past) {
        double[] nodes = new double[1 + past.size()];
        nodes[0] = at.ratio();
        for (int i = 1; i < nodes.length; i++) {
            nodes[i] = past.get(i - 1).ratio();
        }
        // the slope of x over sigma is the noise
        Mixture slope = new Mixture(1 / at.sigma(), -at.alpha() / at.sigma(), 0);
        Mixture next = new Mixture(1 / at.alpha(), 0, 0);
        for (int i = 0; i < nodes.length; i++) {
            Mixture known = i == 0 ? slope : Mixture.slot(i - 1);
            next = next.plus(known.times(integral(nodes, i, to.ratio())));
        }
        return RowUpdate.of(
                next.times(to.alpha()), Past.LONGER, slope, Mixture.slot(0), Mixture.slot(1));
    }

    /** Of the Lagrange polynomial that is 1 at one of the nodes, from the first node to an end. */
    private static double integral(double[] nodes, int one, double end) {
        double middle = (nodes[0] + end) / 2;
        double half = (end - nodes[0]) / 2;
        return half
                * (lagrange(nodes, one, middle - half * NODE)
                        + lagrange(nodes, one, middle + half * NODE));
    }

    private static double lagrange(double[] nodes, int one, double at) {
        double product = 1;
        for (int i = 0; i < nodes.length; i++) {
            if (i != one) {
                product *= (at - nodes[i]) / (nodes[one] - nodes[i]);
            }
        }
        return product;
    }
}
