/** Over HTTP: the calls of this node, those under way and those that ended last. Names nobody. */
@NullMarked
package org.consentgateway.api.call;

import org.jspecify.annotations.NullMarked;
