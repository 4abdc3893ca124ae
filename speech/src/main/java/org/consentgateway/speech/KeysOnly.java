package org.consentgateway.speech;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** No recognition: all questions name keys only. Immutable. */
public final class KeysOnly implements Recogniser {
    @Override
    public boolean hears(String language) {
        return false;
    }

    @Override
    public String model(String language) {
        return "";
    }

    @Override
    public Map<String, String> state() {
        return Map.of();
    }

    @Override
    public @Nullable ListeningPlace place(ListeningPlace.Use use) {
        return null;
    }

    @Override
    public void close() {}
}
