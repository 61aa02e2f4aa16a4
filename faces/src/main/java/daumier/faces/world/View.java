package daumier.faces.world;

import java.util.random.RandomGenerator;

/**
 * How a person is seen in one picture.
 *
 * @param yaw turn to the side in radians
 * @param pitch nod in radians
 * @param roll tilt in radians
 * @param lightX where the light comes from, -1 (left) to 1 (right)
 * @param lightY -1 (above) to 1 (below)
 * @param ambient brightness factor, about 1
 * @param background colour behind the head
 * @param shirt colour of the shirt
 * @param dx offset to the right, pixels of the 128-pixel picture
 * @param dy offset downwards, pixels of the 128-pixel picture
 * @param scale size of the head, about 1
 * @param expression {@value ProceduralModel#EXPRESSIONS} expression coefficients
 * @param grain seed of the picture's texture
 */
public record View(
        float yaw,
        float pitch,
        float roll,
        float lightX,
        float lightY,
        float ambient,
        Tint background,
        Tint shirt,
        float dx,
        float dy,
        float scale,
        float[] expression,
        int grain) {

    /** Draws a view: pose within about 20 degrees, light from above, mild expression. */
    public static View sample(RandomGenerator rng) {
        float[] expression = new float[ProceduralModel.EXPRESSIONS];
        double smile = 0.5 + 0.7 * rng.nextGaussian();
        expression[0] = clip(smile, -0.6, 2.0);
        expression[1] =
                rng.nextDouble() < 0.35 ? clip(1.1 * Math.abs(rng.nextGaussian()), 0, 2) : 0;
        expression[2] = clip(0.5 * rng.nextGaussian(), -0.5, 1.2);
        expression[3] = clip(0.6 * rng.nextGaussian() - 0.2, -0.8, 1.4);
        expression[4] = smile > 0.4 ? 0 : clip(0.8 * rng.nextGaussian(), 0, 1.6);
        return new View(
                clip(0.15 * rng.nextGaussian(), -0.34, 0.34),
                clip(0.06 * rng.nextGaussian(), -0.14, 0.14),
                clip(0.045 * rng.nextGaussian(), -0.11, 0.11),
                (float) rng.nextDouble(-0.75, 0.75),
                (float) rng.nextDouble(-0.75, -0.2),
                (float) rng.nextDouble(0.92, 1.08),
                Palette.pick(Palette.BACKGROUND, rng),
                Palette.pick(Palette.SHIRT, rng),
                clip(1.0 * rng.nextGaussian(), -2.5, 2.5),
                clip(1.0 * rng.nextGaussian(), -2.5, 2.5),
                clip(1 + 0.03 * rng.nextGaussian(), 0.93, 1.07),
                expression,
                rng.nextInt());
    }

    /** Frontal, neutral, centred: the frame that faces are aligned to. */
    public static View neutral() {
        return new View(
                0,
                0,
                0,
                -0.45f,
                -0.55f,
                1,
                Palette.BACKGROUND.get(2),
                Palette.SHIRT.get(8),
                0,
                0,
                1,
                new float[ProceduralModel.EXPRESSIONS],
                0);
    }

    /** The same view with another expression. */
    public View withExpression(float... other) {
        return new View(
                yaw,
                pitch,
                roll,
                lightX,
                lightY,
                ambient,
                background,
                shirt,
                dx,
                dy,
                scale,
                other,
                grain);
    }

    /** The same view in another pose. */
    public View withPose(float newYaw, float newPitch, float newRoll) {
        return new View(
                newYaw,
                newPitch,
                newRoll,
                lightX,
                lightY,
                ambient,
                background,
                shirt,
                dx,
                dy,
                scale,
                expression,
                grain);
    }

    private static float clip(double v, double low, double high) {
        return (float) Math.max(low, Math.min(high, v));
    }
}
