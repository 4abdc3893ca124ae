/** What a configuration says of the nodes that share a store. */
@NullMarked
package org.consentgateway.settings.nodes;

import org.jspecify.annotations.NullMarked;
