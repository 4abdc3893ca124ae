/** Real SIP peers, driven from tests. */
@NullMarked
package org.consentgateway.peers;

import org.jspecify.annotations.NullMarked;
