// The GraphiQL page: reads its endpoint and first tabs from the page's data attributes, and nothing from elsewhere.
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import { explorerPlugin } from '@graphiql/plugin-explorer';
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { createRoot } from 'react-dom/client';
import 'graphiql/style.css';
import '@graphiql/plugin-explorer/style.css';

const root = document.getElementById('graphiql');
const { endpoint, tabs } = root.dataset;
const url = new URL(endpoint, location.href);
const subscriptionUrl = new URL(url);
subscriptionUrl.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';

// The build replaces WORKERS by the hashed file names beside this module.
globalThis.MonacoEnvironment = {
  getWorker(_, label) {
    return new Worker(new URL(WORKERS[label] ?? WORKERS.editor, import.meta.url), { type: 'module' });
  },
};

createRoot(root).render(
  <GraphiQL
    fetcher={createGraphiQLFetcher({ url: url.href, subscriptionUrl: subscriptionUrl.href })}
    plugins={[HISTORY_PLUGIN, explorerPlugin()]}
    defaultTabs={JSON.parse(tabs)}
    defaultQuery=""
    defaultEditorToolsVisibility="variables"
  />,
);
