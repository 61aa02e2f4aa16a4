package daumier.tests;

import daumier.faces.Landmarks;
import daumier.faces.measure.Alignment;
import daumier.faces.measure.Camera;
import daumier.faces.measure.FaceGeometry;
import daumier.faces.measure.GuidedFit;
import daumier.faces.measure.LandmarkLocator;
import daumier.faces.measure.LandmarkNoise;
import daumier.faces.measure.ModelFit;
import daumier.faces.measure.Population;
import daumier.faces.measure.PosePrior;
import daumier.faces.world.ProceduralModel;
import java.util.ArrayList;
import java.util.List;

/**
 * How well landmarks are found when the population that leads the eye was measured on the other
 * people alone: the product's own may have seen these portraits.
 */
final class HeldOutPopulation {
    private static final int ROUNDS = 6;
    private static final LandmarkNoise NOISE = LandmarkNoise.photograph();

    private final ProceduralModel world = new ProceduralModel();
    private final RealPortraits portraits;
    private final LandmarkLocator locator;

    /**
     * A measurement.
     *
     * @param portraits real ones
     * @param locator finds landmarks
     */
    HeldOutPopulation(RealPortraits portraits, LandmarkLocator locator) {
        this.portraits = portraits;
        this.locator = locator;
    }

    /**
     * Mean distance to the public network's points over the distance of the eyes' outer corners,
     * each person led by a population of everybody else.
     */
    double distanceFromPublic() {
        double sum = 0;
        List<String> people =
                portraits.all().stream().map(RealPortraits.Portrait::person).distinct().toList();
        for (String person : people) {
            ModelFit fit = new ModelFit(others(person).in(world), Camera.PORTRAIT);
            GuidedFit guided = new GuidedFit(locator, fit, NOISE);
            for (RealPortraits.Portrait p : portraits.all()) {
                if (p.person().equals(person)) {
                    sum += distance(p, fit, guided);
                }
            }
        }
        return sum / portraits.all().size();
    }

    /** The population of all people but one, from the public network's points. */
    private Population others(String person) {
        Population population = Population.of(world);
        for (int round = 0; round < ROUNDS; round++) {
            ModelFit fit = new ModelFit(population.in(world), Camera.PORTRAIT);
            List<FaceGeometry> faces = new ArrayList<>();
            for (RealPortraits.Portrait p : portraits.all()) {
                if (!p.person().equals(person)) {
                    Landmarks there = Alignment.of(p.pfld(), fit.reference()).toPortrait(p.pfld());
                    faces.add(fit.fit(there, NOISE, PosePrior.PHOTO));
                }
            }
            population = population.improved(faces);
        }
        return population;
    }

    private static double distance(RealPortraits.Portrait p, ModelFit fit, GuidedFit guided) {
        Alignment frame = Alignment.of(p.pfld(), fit.reference());
        FaceGeometry first = guided.look(frame.crop(p.picture()), PosePrior.PHOTO);
        frame = frame.refined(first.pose(), fit.camera());
        Landmarks ours = guided.look(frame.crop(p.picture()), PosePrior.PHOTO).landmarks();
        Landmarks theirs = frame.toPortrait(p.pfld());
        double sum = 0;
        for (int k = 0; k < Landmarks.COUNT; k++) {
            sum += Math.hypot(ours.x(k) - theirs.x(k), ours.y(k) - theirs.y(k));
        }
        return sum / Landmarks.COUNT / theirs.interOcular();
    }
}
