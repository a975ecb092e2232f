;;; Opens the classic's core dump in Emacs through dap-mode, configured as docs/EDITORS.md says, and prints where its
;;; user would stand: "FRAME LINE in FILE:LINE", and what an expression and a command of the console answer.
;;; Started by emacs.test.ts, which gives the folder of the project and one for Emacs's own files.
(setq user-emacs-directory (file-name-as-directory (getenv "STATE")))
(package-initialize)
(require 'dap-mode)
(setq dap-auto-configure-features nil
      lsp-session-file (expand-file-name "lsp-session" user-emacs-directory)
      dap-breakpoints-file (expand-file-name "dap-breakpoints" user-emacs-directory))

(dap-register-debug-provider
 "wasm-coredump"
 (lambda (conf)
   (dap--put-if-absent conf :dap-server-path (list "node" "--import" "tsx" "adapter/main.ts"))
   (dap--put-if-absent conf :cwd (getenv "PROJECT"))
   conf))

(defvar stopped nil "The session, once it stands at a frame.")
(add-hook 'dap-stack-frame-changed-hook (lambda (session) (setq stopped session)))

(defun wait-for (happened)
  "Lets the session go on until HAPPENED, for some seconds."
  (let ((end (+ (float-time) 30)))
    (while (and (not (funcall happened)) (< (float-time) end))
      (accept-process-output nil 0.05))))

(defun typed (expression frame)
  "What the console answers to EXPRESSION in FRAME."
  (let (answer)
    (dap--send-message
     (dap--make-request "evaluate" (list :expression expression :context "repl" :frameId (gethash "id" frame)))
     (lambda (response) (setq answer (or (gethash "body" response) response)))
     stopped)
    (wait-for (lambda () answer))
    (gethash "result" answer)))

(let* ((project (getenv "PROJECT"))
       (classic (concat project "/examples/rust-classic"))
       (default-directory project)
       (source-map (make-hash-table :test 'equal)))
  (puthash "/build" classic source-map)
  (find-file (concat classic "/src/main.rs"))
  (dap-debug (list :type "wasm-coredump" :request "launch" :name "core dump"
                   :coreFile (concat classic "/app.coredump")
                   :program (concat classic "/target/wasm32-wasip1/debug/app.wasm")
                   :sourceMap source-map
                   :startAtCrashFrame t))
  (wait-for (lambda () stopped))
  (unless stopped (error "the session did not stop"))
  (let ((frame (dap--debug-session-active-frame stopped)))
    (princ (format "%s %s in %s:%s\n"
                   (gethash "name" frame) (gethash "line" frame)
                   (file-relative-name (buffer-file-name (window-buffer)) classic)
                   (with-current-buffer (window-buffer) (line-number-at-pos))))
    (princ (format "%s\n%s\n" (typed "value * 2" frame) (typed "info args" frame)))))
