package daumier.faces.world;

/** How a picture is made of a subject and a view. */
public sealed interface Look permits Look.Photo, Look.Toon, Artist {
    /** The photo look. */
    Photo PHOTO = new Photo();

    /** The neutral toon look. */
    Toon TOON = new Toon();

    /** The first word of captions in this look. */
    String word();

    /** Soft shading, natural colours. */
    record Photo() implements Look {
        @Override
        public String word() {
            return "photo";
        }
    }

    /** Ink lines and cel shading, no habits of shape. */
    record Toon() implements Look {
        @Override
        public String word() {
            return "toon";
        }
    }
}
