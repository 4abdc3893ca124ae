package org.consentgateway.speech.words;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All languages that texts can be read out in. Immutable. */
public final class Languages {
    private final Map<String, Language> byCode;

    public Languages(Iterable<Language> all) {
        Map<String, Language> languages = new TreeMap<>();
        all.forEach(each -> languages.put(each.code(), each));
        byCode = Map.copyOf(languages);
    }

    public Optional<Language> find(String code) {
        return Optional.ofNullable(byCode.get(code));
    }

    /** As {@link Language#region}; the code itself where it is not known here. */
    public String region(String code) {
        return find(code).map(Language::region).orElse(code);
    }

    /** As {@link Language#spoken}; in a language not known here the voice reads what is written. */
    public String spoken(String code, String written) {
        return find(code).map(l -> l.spoken(written)).orElse(SpokenText.canonical(written));
    }
}
