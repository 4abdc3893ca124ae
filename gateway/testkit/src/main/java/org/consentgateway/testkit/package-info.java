/** Real SIP peers, driven from tests. */
@NullMarked
package org.consentgateway.testkit;

import org.jspecify.annotations.NullMarked;
