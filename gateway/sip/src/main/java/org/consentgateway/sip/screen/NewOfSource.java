package org.consentgateway.sip.screen;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.consentgateway.sip.screen.NewConnections.Stage;

/**
 * The new connections of one source, by how far they have come. Guarded by {@link NewConnections}.
 */
final class NewOfSource {
    /** Of all of them, this part is kept for each stage. */
    private static final int KEPT = 4;

    /** Each the oldest first, and counted from when it came so far. */
    private final Map<Stage, Map<InetSocketAddress, Socket>> byStage = new EnumMap<>(Stage.class);

    NewOfSource() {
        for (Stage stage : Stage.values()) {
            byStage.put(stage, new LinkedHashMap<>());
        }
    }

    private Map<InetSocketAddress, Socket> at(Stage stage) {
        return byStage.getOrDefault(stage, Map.of());
    }

    int size() {
        return byStage.values().stream().mapToInt(Map::size).sum();
    }

    void add(InetSocketAddress peer, Socket connection) {
        at(Stage.SILENT).put(peer, connection);
    }

    boolean remove(InetSocketAddress peer) {
        return byStage.values().stream().anyMatch(those -> those.remove(peer) != null);
    }

    /** Nothing where it is not here any more, or has come as far before. */
    void reached(InetSocketAddress peer, Stage stage) {
        for (Stage before : Stage.values()) {
            Socket connection = before.compareTo(stage) < 0 ? at(before).remove(peer) : null;
            if (connection != null) {
                at(stage).put(peer, connection);
            }
        }
    }

    /** Takes out whose place another gets; there has to be one. */
    Socket giveUp() {
        Iterator<Socket> those = at(givesWay()).values().iterator();
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
