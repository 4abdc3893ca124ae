package org.consentgateway.bench.parts;

import java.util.List;

/** The parts by their words of the command line. */
public final class PartNames {
    /** Those that are measured where none is named, in this order. */
    public static final List<String> USUAL =
            List.of(
                    "start",
                    "calls",
                    "job",
                    "signalling",
                    "setups",
                    "overload",
                    "scale",
                    "memory",
                    "secure",
                    "sockets");

    private PartNames() {}

    /**
     * The part of this word.
     *
     * @throws IllegalArgumentException where there is none
     */
    public static Part part(String word) {
        return switch (word) {
            case "start" -> new Start();
            case "calls" -> new Calls();
            case "signalling" -> new Signalling();
            case "job" -> new Job();
            case "setups" -> new Setups();
            case "overload" -> new Overload();
            case "scale" -> new Scale();
            case "tenfold" -> new Tenfold();
            case "speech" -> new Speech();
            case "sockets" -> new Sockets();
            case "memory" -> new Memory();
            case "secure" -> new Secure();
            default -> throw new IllegalArgumentException("no such part: " + word);
        };
    }
}
