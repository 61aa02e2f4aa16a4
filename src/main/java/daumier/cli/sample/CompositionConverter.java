package daumier.cli.sample;

import daumier.diffusion.schedule.Composition;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a {@link Composition} from the command line. */
final class CompositionConverter implements ITypeConverter<Composition> {
    @Override
    public Composition convert(String text) {
        try {
            return Composition.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
