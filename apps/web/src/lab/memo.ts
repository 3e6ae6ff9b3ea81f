// Draws a component again only when one of its properties is another object (`shouldComponentUpdate`).

import { Component, type ComponentType, type FunctionComponent, h } from 'preact';

/** For rows that never change in a list that grows. A signal read inside still redraws. */
export function memo<P extends object>(inner: FunctionComponent<P>): ComponentType<P> {
  return class Memo extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      return Object.entries(next).some(([key, value]) => Reflect.get(this.props, key) !== value);
    }

    override render(props: P) {
      return h(inner, props);
    }
  };
}
