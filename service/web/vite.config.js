import { globSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { defineConfig } from 'vite'
import vue from '@vitejs/plugin-vue'

// Every src/NAME.js and src/NAME/main.js is an entry called NAME; a folder's other pages are src/FOLDER/NAME.page.js.
const root = import.meta.dirname
const entries = Object.fromEntries([
  ...globSync('src/*.js', { cwd: root }).map((file) => [basename(file, '.js'), file]),
  ...globSync('src/*/main.js', { cwd: root }).map((file) => [basename(dirname(file)), file]),
  ...globSync('src/*/*.page.js', { cwd: root }).map((file) => [basename(file, '.page.js'), file]),
])

export default defineConfig({
  root,
  plugins: [vue()],
  base: '/static/dist/',
  publicDir: false,
  build: {
    outDir: 'static/dist',
    emptyOutDir: true,
    target: 'es2022',
    manifest: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1600,
    rolldownOptions: { input: entries, checks: { pluginTimings: false } },
  },
})
