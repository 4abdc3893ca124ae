package org.consentgateway.sip.screen;

import java.net.Socket;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.consentgateway.sip.screen.NewConnections.Stage;

/**
 * The new connections of one source, or of all, by how far they have come. Guarded by {@link
 * NewConnections}.
 */
final class NewOfSource {
    /** Of all of them, this part is kept for each stage. */
    private static final int KEPT = 4;

    /** Each the oldest first, and counted from when it came so far. */
    private final Map<Stage, Set<Socket>> byStage = new EnumMap<>(Stage.class);

    final String source;

    NewOfSource(String source) {
        this.source = source;
        for (Stage stage : Stage.values()) {
            byStage.put(stage, new LinkedHashSet<>());
        }
    }

    private Set<Socket> at(Stage stage) {
        return byStage.getOrDefault(stage, Set.of());
    }

    int size() {
        return byStage.values().stream().mapToInt(Set::size).sum();
    }

    void add(Socket connection) {
        at(Stage.SILENT).add(connection);
    }

    void remove(Socket connection) {
        byStage.values().forEach(those -> those.remove(connection));
    }

    /** Nothing where it is not here any more, or has come as far before. */
    void reached(Socket connection, Stage stage) {
        for (Stage before : Stage.values()) {
            if (before.compareTo(stage) < 0 && at(before).remove(connection)) {
                at(stage).add(connection);
            }
        }
    }

    /** Takes out whose place another gets; there has to be one. */
    Socket giveUp() {
        Iterator<Socket> those = at(givesWay()).iterator();
        Socket oldest = those.next();
        those.remove();
        return oldest;
    }

    /**
     * The first stage that has more than is kept for it. With very few places that may be none, and
     * then the last one: whoever has just come is never the one to go.
     */
    private Stage givesWay() {
        int kept = Math.max(1, size() / KEPT);
        Stage last = Stage.SILENT;
        for (Stage stage : Stage.values()) {
            if (at(stage).size() > kept) {
                return stage;
            }
            if (!at(stage).isEmpty()) {
                last = stage;
            }
        }
        return last;
    }
}
