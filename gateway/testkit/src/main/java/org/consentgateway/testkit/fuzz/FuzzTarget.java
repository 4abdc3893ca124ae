package org.consentgateway.testkit.fuzz;

import org.jspecify.annotations.Nullable;

/** What Jazzer calls, by the names that it knows. Started by {@code scripts/fuzz}. */
public final class FuzzTarget {
    private static @Nullable Guarded guarded;

    private FuzzTarget() {}

    /**
     * @param args the door
     */
    @SuppressWarnings("unused") // Jazzer's name
    public static void fuzzerInitialize(String[] args) throws ReflectiveOperationException {
        guarded = new Guarded(KnownDoor.of(args[0]).open());
    }

    @SuppressWarnings("unused") // Jazzer's name
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        if (guarded == null) {
            throw new IllegalStateException("no door is open");
        }
        guarded.takes(input);
    }

    @SuppressWarnings("unused") // Jazzer's name
    public static void fuzzerTearDown() {
        if (guarded != null) {
            guarded.close();
        }
    }
}
