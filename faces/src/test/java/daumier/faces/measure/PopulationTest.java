package daumier.faces.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import daumier.faces.Landmarks;
import daumier.faces.world.ProceduralModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PopulationTest {
    private final ProceduralModel model = new ProceduralModel();

    @Test
    void anotherPopulationIsFound() {
        ModelFit world = new ModelFit(model, Camera.PORTRAIT);
        Random r = new Random(1);
        List<Landmarks> people = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            double[] id = new double[ProceduralModel.COMPONENTS];
            for (int k = 0; k < id.length; k++) {
                id[k] = r.nextGaussian();
            }
            // This population is long of face with little spread in it, and small of eye.
            id[1] = 1.5 + 0.5 * r.nextGaussian();
            id[6] = -1.5 + 0.5 * r.nextGaussian();
            people.add(world.project(Pose.NEUTRAL, id, new double[ProceduralModel.EXPRESSIONS]));
        }
        Population p = Population.of(model);
        for (int round = 0; round < 4; round++) {
            ModelFit fit = new ModelFit(p.in(model), Camera.PORTRAIT);
            List<FaceGeometry> faces = new ArrayList<>();
            for (Landmarks l : people) {
                faces.add(fit.fit(l, LandmarkNoise.isotropic(0.4), PosePrior.PORTRAIT));
            }
            p = p.improved(faces);
        }
        assertEquals(1.5, p.mean()[1], 0.3);
        assertEquals(0.5, p.sd()[1], 0.2);
        assertEquals(-1.5, p.mean()[6], 0.3);
        assertEquals(0, p.mean()[12], 0.4);
    }

    @Test
    void photographsAreKnown() {
        Population p = Population.photographs(model);
        assertEquals(1, p.sd()[model.names().indexOf("ear size")]);
        assertEquals(-2.28, p.mean()[model.names().indexOf("eye size")]);
        assertEquals(0.4, p.sd()[model.names().indexOf("eye size")]);
    }
}
